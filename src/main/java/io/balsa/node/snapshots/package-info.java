/**
 * Snapshots that this server sends, receives and installs.
 *
 * <p>The one idea: a snapshot is a checkpoint made on demand. It travels in chunks and continues
 * after a restart. Open to {@code node..} alone.
 *
 * <p>Start reading at {@code Snapshots}.
 */
@NullMarked
package io.balsa.node.snapshots;

import org.jspecify.annotations.NullMarked;
