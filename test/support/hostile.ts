import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A ~/.gitconfig of somebody with strong opinions: everything here is legal and in use somewhere, and each line has
 * broken a tool that reads git's output for people or relies on its defaults.
 */
const gitConfig = (home: string) => `[user]
	name = Zoë "Q" O'Hara
	email = zoe@example.com
[init]
	defaultBranch = trunk
[core]
	pager = false
	quotePath = true
	abbrev = 4
	editor = false
	hooksPath = ${quoted(join(home, 'git-hooks'))}
	attributesFile = ${quoted(join(home, 'git-attributes'))}
[color]
	ui = always
[column]
	ui = always
[commit]
	gpgSign = true
	verbose = true
[tag]
	gpgSign = true
[gpg]
	program = ${quoted(join(home, 'bin', 'no-gpg'))}
[log]
	showSignature = true
	decorate = full
	date = relative
	follow = true
[format]
	pretty = %C(auto)%h
[status]
	showUntrackedFiles = no
	short = true
	branch = true
	showStash = true
	relativePaths = true
[diff]
	external = false
	noprefix = true
	context = 0
	renames = copies
	ignoreSubmodules = all
	interHunkContext = 9
[checkout]
	defaultRemote = nowhere
	guess = false
[worktree]
	guessRemote = true
[branch]
	autoSetupMerge = always
	autoSetupRebase = always
	sort = -committerdate
[push]
	default = nothing
	autoSetupRemote = true
[pull]
	ff = only
[fetch]
	prune = true
	pruneTags = true
[merge]
	ff = false
[rebase]
	autoStash = true
	updateRefs = true
[stash]
	showIncludeUntracked = true
[index]
	version = 4
[advice]
	detachedHead = true
	statusHints = true
[alias]
	st = status --short
	worktree = "!false"
	ls-files = "!false"
[gc]
	auto = 0
[maintenance]
	auto = false
`;

/** A ~/.tmux.conf that changes every default a program could lean on. */
const tmuxConfig = `set -g base-index 1
setw -g pane-base-index 1
set -g renumber-windows on
set -g remain-on-exit off
set -g destroy-unattached off
set -g detach-on-destroy off
set -g prefix C-a
unbind C-b
set -g mouse on
set -g mode-keys vi
set -g status off
set -g set-titles on
set -g set-titles-string '#S:#W'
setw -g automatic-rename on
setw -g allow-rename on
setw -g monitor-activity on
setw -g aggressive-resize on
set -g visual-activity on
set -g history-limit 200
set -g default-terminal 'screen'
set -g default-command 'exec "$HOME/shell-of-mine"'
set -g display-time 1
set -g repeat-time 0
set -g escape-time 500
set -g word-separators ' '
set -g update-environment 'DISPLAY SWARM_AGENT SWARM_TOKEN'
set-environment -g SWARM_AGENT 'from-the-server'
set-environment -g GIT_DIR '/nonexistent'
set-hook -g after-new-window 'rename-window hooked'
set-hook -g after-split-window 'select-layout tiled'
set-hook -g session-created 'display-message hooked'
`;

/** The file name as a git config string. */
function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Writes an executable shell script. */
export function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Fills a home with settings that a correct program survives. */
export function writeHostileHome(home: string): void {
  for (const folder of ['bin', 'git-hooks']) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, '.gitconfig'), gitConfig(home));
  writeFileSync(join(home, 'git-attributes'), '* -text\n');
  writeFileSync(join(home, '.tmux.conf'), tmuxConfig);
  writeScript(join(home, 'bin', 'no-gpg'), 'echo "gpg: no key" >&2; exit 2');
  writeScript(join(home, 'shell-of-mine'), 'echo "welcome to my shell"; exec /bin/sh -i');
  // Chatty but successful: what hooks say must not be taken for git's answer.
  for (const hook of ['post-checkout', 'post-commit', 'pre-commit']) {
    writeScript(join(home, 'git-hooks', hook), `echo "${hook} says hello"; echo "${hook} is loud" >&2`);
  }
}

/** A plain home: a name for commits, and no background work of git's that could outlive a test. */
export function writePlainHome(home: string): void {
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
  );
}
