/**
 * Linearizable and serializable reads. A linearizable read waits for its index. All reads run in
 * slices on read lanes.
 *
 * <p>The one idea: a read holds little memory until there is room for its answer, and gives way to
 * other reads after each slice. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code ReadDesk}.
 */
@NullMarked
package io.balsa.node.reads;

import org.jspecify.annotations.NullMarked;
