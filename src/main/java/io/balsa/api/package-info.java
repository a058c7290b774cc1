/**
 * etcd's gRPC services on a node: translate what came, ask the node, translate what it answers, and
 * give every refusal etcd's own code and text.
 *
 * <p>The one idea: nothing here decides and nothing here waits. A request is checked in etcd's
 * order, becomes a value of {@code kv}, and goes to the node with a callback; the callback writes
 * the answer on whichever lane brought it. Holds no replicated state and knows neither Raft nor the
 * log.
 *
 * <p>Start reading at {@link io.balsa.api.EtcdServer}, the door; {@code KvService} is the path that
 * nearly every request takes.
 */
@NullMarked
package io.balsa.api;

import org.jspecify.annotations.NullMarked;
