// A source of bytes for PMTiles that asks in aligned blocks: neighbouring tiles lie side by side in the file, so one
// answer serves many of them, and the browser's cache can keep each block.

const BLOCK = 32 * 1024;
const KEPT = 384;

export class BlockSource {
  constructor(url) {
    this.url = url;
    this.blocks = new Map();
  }

  getKey() {
    return this.url;
  }

  async getBytes(offset, length) {
    const first = Math.floor(offset / BLOCK), last = Math.floor((offset + length - 1) / BLOCK);
    await this.fetchMissing(first, last);
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (let number = first; number <= last; number++) {
      const block = await this.blocks.get(number);
      if (!block) break;
      const from = number === first ? offset - first * BLOCK : 0;
      const part = block.subarray(from, Math.min(block.length, from + length - filled));
      bytes.set(part, filled);
      filled += part.length;
    }
    return { data: bytes.buffer.slice(0, filled) };
  }

  /** One request for each run of blocks that are not there yet. */
  fetchMissing(first, last) {
    const waits = [];
    let number = first;
    while (number <= last) {
      if (this.blocks.has(number)) { waits.push(this.blocks.get(number++)); continue; }
      const start = number;
      while (number <= last && !this.blocks.has(number)) number++;
      const answer = this.request(start, number - 1);
      for (let n = start; n < number; n++) {
        const block = answer.then((bytes) => bytes.subarray((n - start) * BLOCK, (n - start + 1) * BLOCK));
        this.blocks.set(n, block);
        block.catch(() => this.blocks.delete(n));
        waits.push(block);
      }
    }
    while (this.blocks.size > KEPT + (last - first)) {
      const oldest = this.blocks.keys().next().value;
      if (oldest >= first && oldest <= last) break;
      this.blocks.delete(oldest);
    }
    return Promise.all(waits);
  }

  async request(first, last) {
    const range = `bytes=${first * BLOCK}-${(last + 1) * BLOCK - 1}`;
    const answer = await fetch(this.url, { headers: { range }, credentials: "same-origin" });
    if (answer.status === 416) return new Uint8Array(0);
    if (answer.status !== 206 && answer.status !== 200) throw new Error(`${this.url}: ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return answer.status === 206 ? bytes : bytes.subarray(first * BLOCK, (last + 1) * BLOCK);
  }
}
