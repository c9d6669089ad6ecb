/** A small agent CLI with an input box, as somebody might write one: for `agents.*.command`. */
export const BOT = `import os, sys, termios, tty
tty.setcbreak(0)
sys.stdout.write('\\x1b[?2004h')
text, pasting, buffer = '', False, ''
def draw():
    sys.stdout.write('\\r\\x1b[K> ' + text.replace('\\n', ' '))
    sys.stdout.flush()
print('bot ' + ' '.join(sys.argv[1:]))
draw()
while True:
    buffer += os.read(0, 65536).decode('utf8', 'replace')
    while buffer:
        if buffer.startswith('\\x1b[200~'): buffer, pasting = buffer[6:], True
        elif buffer.startswith('\\x1b[201~'): buffer, pasting = buffer[6:], False
        elif buffer[0] in '\\r\\n' and not pasting:
            buffer, said, text = buffer[1:], text, ''
            open('said.txt', 'a').write(repr(said) + '\\n')
            print('\\r\\x1b[K* ' + said.replace('\\n', ' | '))
        elif buffer[0] == '\\x15': buffer, text = buffer[1:], ''
        else: text, buffer = text + ('\\n' if buffer[0] == '\\r' else buffer[0]), buffer[1:]
    draw()
`;

/** How swarm.yaml says so. */
export const BOT_YAML = `version: 1
agents:
  bot:
    command: [python3, BOT, --model, '{{model}}', --session, '{{session}}']
    ready: '^> '
    input: '^> (.*)$'
    resume: [python3, BOT, --resume, '{{session}}']
  line:
    command: [sh, -c, 'echo "ready>"; while read -r text; do echo "got: $text"; echo "ready>"; done']
    paste: line
    ready: '^ready>$'
`;
