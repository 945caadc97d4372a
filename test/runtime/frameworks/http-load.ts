import { Agent, get } from 'node:http';

/** The answer to one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends a request. @throws the error of the connection */
export function request(url: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body })).on('error', reject);
    }).on('error', reject);
  });
}

/** Sends requests over this number of kept connections, one after the other on each, until one fails there. Returns all answers. */
export function sendUntilClosed(url: string, connections: number, onAnswer: (count: number) => void): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const worker = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (;;) onAnswer(answers.push(await request(url, agent)));
    } catch {
      // The server takes no further connections, or has closed an idle one.
    } finally {
      agent.destroy();
    }
  };
  return Promise.all(Array.from({ length: connections }, worker)).then(() => answers);
}
