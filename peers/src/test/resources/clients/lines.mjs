// Commands from standard input and events to standard output, each one line of JSON.
import process from 'node:process';

// Not node:readline, which takes U+2028 inside a text for the end of a line.
export async function* commands() {
  let rest = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

export const tell = event => process.stdout.write(JSON.stringify(event) + '\n');
