/** Ends the reading of a report from within a parser; never leaves this folder. The message completes "junit.xml …". */
export class UnusableReport extends Error {
  override readonly name = 'UnusableReport';
}
