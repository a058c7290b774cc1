/**
 * The driver of one server: lanes for Raft, the log, applying and reading, and what goes between
 * them.
 *
 * <p>The one idea: the raft lane alone owns {@code Raft}; it drains its inbox, steps, and hands the
 * effects to the other lanes, which answer with inputs. Nothing on it forces, reads a store, parses
 * a client's message or waits. Every queue is bounded in bytes. No threads but by {@code Lane}, no
 * gRPC: the simulator runs this room as it is.
 *
 * <p>Start reading at {@link io.balsa.node.Node}, the door.
 */
@NullMarked
package io.balsa.node;

import org.jspecify.annotations.NullMarked;
