/** The shells that `swarm completion` speaks. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const bash = `# Completion of swarm for bash (3.2 or newer). In ~/.bashrc: eval "$(swarm completion bash)"
_swarm() {
  local IFS=$'\\n'
  COMPREPLY=($(swarm __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
  # bash takes words apart at "=": only what follows it is replaced.
  case "\${COMP_WORDS[COMP_CWORD]}:\${COMP_WORDS[COMP_CWORD-1]}" in
    =:* | *:=) COMPREPLY=("\${COMPREPLY[@]#*=}") ;;
  esac
}
complete -o bashdefault -o default -F _swarm swarm
`;

const zsh = `#compdef swarm
# Completion of swarm for zsh. In ~/.zshrc, after compinit: eval "$(swarm completion zsh)"
_swarm() {
  local -a lines found
  local line
  lines=("\${(@f)$(swarm __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe swarm found; else _files; fi
}
if [ "$funcstack[1]" = _swarm ]; then _swarm "$@"; else compdef _swarm swarm; fi
`;

const fish = `# Completion of swarm for fish. In ~/.config/fish/config.fish: swarm completion fish | source
function __swarm_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  swarm __complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c swarm -f -a '(__swarm_complete)'
`;

/** What to source for completion. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
