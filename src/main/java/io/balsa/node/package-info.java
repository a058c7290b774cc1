/**
 * The driver of one server: the lanes for Raft and the log, the wiring of all parts, ticks, start
 * and stop.
 *
 * <p>The one idea: only the raft lane uses {@code Raft}. It takes inputs, steps, and hands the
 * effects to the other lanes, which answer with inputs. It never forces a file, reads the store,
 * parses a client's message or waits. Every queue is bounded in bytes. All threads come from {@code
 * Lane}, and nothing uses gRPC: so the simulator runs this room as it is.
 *
 * <p>Start reading at {@link io.balsa.node.Node}, what callers use; {@code NodeAssembly} shows how
 * the parts fit together.
 */
@NullMarked
package io.balsa.node;

import org.jspecify.annotations.NullMarked;
