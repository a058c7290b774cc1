/**
 * Byte strings and the invariant check: what every room may touch.
 *
 * <p>The one idea: a byte string is a value. {@link io.balsa.bytes.Bytes} has content equality and
 * unsigned order, so that it can stand in records, be a key of a sorted map and cross threads
 * without being copied. Start reading there.
 */
@NullMarked
package io.balsa.bytes;

import org.jspecify.annotations.NullMarked;
