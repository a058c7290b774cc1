/**
 * Leases on a server: the leader keeps their time, and followers ask it.
 *
 * <p>The one idea: the log says which leases exist. Only the leader measures how much time is left.
 * Open to {@code node..} alone.
 *
 * <p>Start reading at {@code LeaseDesk}.
 */
@NullMarked
package io.balsa.node.leases;

import org.jspecify.annotations.NullMarked;
