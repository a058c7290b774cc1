/**
 * Byte strings, their reader and writer, and small helpers that every room may use.
 *
 * <p>The one idea: a byte string is a value. {@link io.balsa.bytes.Bytes} has equality by content
 * and unsigned order. It can stand in records, be a key of a sorted map and cross threads without a
 * copy. Start reading there, then at {@link io.balsa.bytes.ByteReader}.
 */
@NullMarked
package io.balsa.bytes;

import org.jspecify.annotations.NullMarked;
