/**
 * Commands on keys: put, get, del, txn, watch, mirror and compaction.
 *
 * <p>The one idea: keys and values are bytes. A command sends the bytes that were typed and prints
 * the bytes that it received.
 *
 * <p>Start reading at {@link io.balsa.ctl.kv.GetCommand}.
 */
@NullMarked
package io.balsa.ctl.kv;

import org.jspecify.annotations.NullMarked;
