/**
 * The etcd v3 client that proxy, commands, drill and verify share.
 *
 * <p>The one idea: a request that changes something is sent a second time only when it provably
 * never left, and {@link io.balsa.client.SentMark} is the proof: gRPC says when it hands a call to
 * a connection. {@link io.balsa.client.EtcdClient} makes single calls by that rule; {@link
 * io.balsa.client.ClusterMonitor} keeps an eye on who leads and who answers. Touches {@code
 * routing}, generated protobuf and gRPC; knows nothing of a server's insides.
 *
 * <p>Start reading at {@link io.balsa.client.EtcdClient}.
 */
@NullMarked
package io.balsa.client;

import org.jspecify.annotations.NullMarked;
