/** Which design is asked for, and how its runs are unpacked. */

/** `#12` and `#12/energy`: the number of a design, and a section of its report. */
export function designAddress(hash) {
  const [, number, section] = /^#([1-9][0-9]{0,8})(?:\/(.*))?$/.exec(hash) ?? [];
  return { number: number === undefined ? null : Number(number), section: section || null };
}

/** Text that was packed by gzip and base64. */
export async function unpacked(packed) {
  try {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  } catch {
    throw new Error('The report beside this page is damaged: it cannot be unpacked. Write it again with eyrie explore.');
  }
}
