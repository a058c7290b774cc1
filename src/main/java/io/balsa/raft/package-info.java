/**
 * The Raft algorithm as a value machine: {@code Raft.step(Input)} gives the list of {@link
 * io.balsa.raft.Effect}s that its driver must carry out.
 *
 * <p>The one idea: inputs in, effects out, and every effect names what must be durable before it
 * may happen. There is no clock (time is {@link io.balsa.raft.Input.Tick}s), no dice (a tick brings
 * a random number), no thread, file or socket, and a client is a number. Touches {@code bytes}
 * only.
 *
 * <p>Start reading at {@code Raft}, then one role after the other. The words are those of Ongaro's
 * dissertation ("Consensus: Bridging Theory and Practice", 2014), cited as "thesis".
 */
@NullMarked
package io.balsa.raft;

import org.jspecify.annotations.NullMarked;
