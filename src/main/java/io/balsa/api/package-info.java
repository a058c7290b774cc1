/**
 * etcd's gRPC services on a node. They translate the request, call the node and translate its
 * answer. Every refusal has etcd's code and text.
 *
 * <p>The one idea: nothing here decides and nothing here blocks. A request is checked in etcd's
 * order, becomes a value of {@code model}, and goes to the node with a callback. The callback
 * writes the answer on the lane that calls it. Holds no replicated state and knows neither Raft nor
 * the log.
 *
 * <p>Start reading at {@link io.balsa.api.EtcdServer}, the door; nearly every request goes through
 * {@code KvService}.
 */
@NullMarked
package io.balsa.api;

import org.jspecify.annotations.NullMarked;
