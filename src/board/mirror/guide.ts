/** `README.md` of the mirror: what somebody has to know who can only read and write files. */
export const GUIDE = `# The board, as files

swarm keeps these files as its board is, and takes what you write into them. It answers within a second or so.
Read a file again after you have changed it: what it says then is how it is.

- \`master-plan.md\`: the goal and the plan.
- \`tasks.json\`: the tasks. Claim one that is \`available\`: set \`status\` to \`claimed\` and \`claimed_by\` to your name, in
  one edit. When it is done, write \`results/TASK-ID.md\` first, then set \`status\` to \`done\`. \`available\` gives it back,
  \`failed\` with a \`reason\` says that it can't be done. New tasks need an \`id\` and a \`description\`; tasks are not left out.
  Leave the \`version\` numbers as you found them: they tell swarm what you had before your eyes.
- \`context/discoveries.md\`: add a line for what others should know.
- \`results/TASK-ID.md\`: what came of each task.
- \`communication/messages/\`: a file for each message that nobody has seen yet. Put a new one into \`worker-to-master\`
  (\`{"workerId": "you", "type": "STATUS_UPDATE", "text": "…"}\`) or \`master-to-worker\` (\`{"to": "worker-1", "text": "…"}\`); \`to\` may be a list, or \`all\`.
  Remove a message, or set its \`state\` to \`seen\`, when you have read it; put an \`answer\` into it to reply.
- \`state/\`: how everybody is. Of these files only \`state/workers/NAME-memory.json\` is yours to change.
- \`communication/locks/\`: while you change a file, you may make \`tasks.json.lock\` there (\`mkdir\` fails when somebody has
  it) and remove it afterwards; swarm waits for it for up to two minutes. It is not needed: swarm sees what you changed.

What can't be taken is put back, and \`FILE.rejected.json\` beside it says why.
`;
