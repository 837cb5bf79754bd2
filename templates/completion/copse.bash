# Completion of copse for bash. In ~/.bashrc:  eval "$(copse completion bash)"
_copse() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o default 2>/dev/null
      COMPREPLY=()
      return
    fi
    COMPREPLY+=("${line%%$'\t'*}")
  done < <(copse __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _copse copse
