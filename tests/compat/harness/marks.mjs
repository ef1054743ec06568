/** What must not be kept: a mark that stands in every identifier the tests make up, and the ids that clients make up. */
import { gunzipSync } from 'node:zlib';

/** Part of every user id, device id, e-mail address, trait and secret of the tests. */
export const MARK = 'zqclientmark';

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,64}/gi;

/** The mark as it is, percent-encoded, in hexadecimal, and in base64 wherever it stands in a longer text. */
export function spellings(text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    return padded.toString('base64').slice([0, 2, 3][before], Math.floor(padded.length / 3) * 4);
  });
  const percent = [...bytes].map((byte) => `%${byte.toString(16)}`).join('');
  return [text, percent, bytes.toString('hex'), ...base64];
}

const SPELLINGS = spellings(MARK);

/** The spellings of the mark that stand in some bytes. */
export function marksIn(bytes) {
  const text = bytes.toString('latin1').toLowerCase();
  return SPELLINGS.filter((spelling) => text.includes(spelling.toLowerCase()));
}

/** Whatever looks like an id in some bytes. */
export function idsIn(bytes) {
  return new Set((bytes.toString('latin1').match(IDS) ?? []).map((id) => id.toLowerCase()));
}

/** Ids in what a client sent, however it is packed. */
export function idsSent(bytes) {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) plain = gunzipSync(bytes);
  const text = plain.toString('latin1').replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  const unpacked = (text.match(/[\w+/-]{40,}/g) ?? []).map((base64) => Buffer.from(base64, 'base64').toString('latin1'));
  return idsIn(Buffer.from([text, ...unpacked].join('\n'), 'latin1'));
}
