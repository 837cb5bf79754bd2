#compdef copse
# Completion of copse for zsh. In ~/.zshrc, after compinit:  eval "$(copse completion zsh)"
_copse() {
  local line value
  local -a offers
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      _files
      return
    fi
    value=${line%%$'\t'*}
    if [[ $line == *$'\t'* ]]; then
      offers+=("${value//:/\\:}:${line#*$'\t'}")
    else
      offers+=("${value//:/\\:}")
    fi
  done < <(copse __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe 'copse' offers
}
# Sourced it registers itself; autoloaded from $fpath it is called at once.
if [[ $funcstack[1] == _copse ]]; then _copse "$@"; else compdef _copse copse; fi
