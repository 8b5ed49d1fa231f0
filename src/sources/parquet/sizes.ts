/** So many bytes of a large page are unpacked at a time: with what is made of them they stay in the cache of a processor. */
export const PIECE_BYTES = 512 << 10;
/** A page of more is unpacked piece by piece. */
export const LARGE_PAGE_BYTES = 3 * PIECE_BYTES;
/** So many packed bytes are asked for at a time, where a codec does not need more of them together. */
export const FEED_BYTES = 64 << 10;
/** How far back bytes refer that Snappy's writers pack; pages where they refer further are unpacked as a whole. */
export const SNAPPY_REACH = 64 << 10;
