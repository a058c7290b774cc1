/**
 * The formats of what leaves memory: frames between peers and commands in log entries, each
 * versioned and checksummed. docs/formats.md has every byte.
 *
 * <p>The one idea: a codec is a function from a value to bytes and back, and reading is total:
 * bytes that are not of the format give a {@link io.balsa.wire.WireFailure}, with bounded work and
 * memory, and never anything else. No IO, no state.
 */
@NullMarked
package io.balsa.wire;

import org.jspecify.annotations.NullMarked;
