/** The data of each server-sent event of a body (WHATWG HTML, section 9.2). Characters and lines may be split over chunks. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '', data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      pending += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A line feed may follow a carriage return in the next chunk.
      const lines = pending.split(/\r\n|\n|\r(?!$)/);
      pending = done ? '' : lines.pop()!;
      for (const line of lines) {
        if (line === '' && data.length > 0) {
          yield data.join('\n');
          data = [];
        } else if (line.startsWith('data:')) {
          data.push(line.slice(line[5] === ' ' ? 6 : 5));
        }
      }
      if (done) return;
    }
  } finally {
    // Leaving early closes the connection, and the server stops.
    reader.cancel().catch(() => {});
  }
}
