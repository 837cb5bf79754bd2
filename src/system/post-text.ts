/** Posts a text; why that failed, without the address; null: it was taken. Follows no redirect: the text is meant for one place. */
export async function postText(
  url: string,
  o: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly timeoutMs: number },
): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(o.timeoutMs);
    const answer = await fetch(url, { method: 'POST', headers: { ...o.headers }, body: o.body, redirect: 'error', signal });
    await answer.body?.cancel();
    return answer.ok ? null : `the server answered ${answer.status}.`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.name;
    return URL.canParse(url) ? `it cannot be reached (${cause}).` : 'its address is not a URL.';
  }
}
