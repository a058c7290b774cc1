/**
 * The etcd v3 client of the proxy, the commands and the instruments.
 *
 * <p>The one idea: a request that changes something is sent again only if no server can have
 * received it. The proof is {@link io.balsa.client.SentMark}: gRPC reports when it gives a call to
 * a connection. Unary calls follow this rule in {@link io.balsa.client.EtcdClient}. The class
 * {@link io.balsa.client.ClusterMonitor} finds the leader and the servers that answer. The room
 * uses {@code routing}, {@code queue}, {@code rpc}, generated protobuf and gRPC. It knows nothing
 * of the inside of a server.
 *
 * <p>Start reading at {@link io.balsa.client.EtcdClient}.
 */
@NullMarked
package io.balsa.client;

import org.jspecify.annotations.NullMarked;
