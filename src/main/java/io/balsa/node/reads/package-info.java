/**
 * Linearizable and serializable reads. A linearizable read waits for its index. All reads run in
 * slices on read lanes.
 *
 * <p>The one idea: a read holds little memory until there is room for its answer, and gives way to
 * other reads after each slice. Open to {@code node..} alone.
 *
 * <p>A {@code Read} is a request. An {@code OpenRead} is a request that counts among the open ones.
 * A {@code kv.Reading} is its progress in one view of the store. A {@code Serving} joins a read
 * with its reading on a read lane.
 *
 * <p>Start reading at {@code ReadDesk}.
 */
@NullMarked
package io.balsa.node.reads;

import org.jspecify.annotations.NullMarked;
