/**
 * One port for gRPC and HTTP/1.1. Both the server and the proxy use it.
 *
 * <p>The one idea: the first bytes of a connection show its protocol. gRPC goes to grpc-netty
 * unchanged. HTTP/1.1 goes to {@link io.balsa.front.HttpRoutes}. One route is {@link
 * io.balsa.front.JsonGateway}: it turns {@code POST /v3/…} into a call of a gRPC service of the
 * same port. Touches Netty, gRPC, metrics, gson and generated protobuf; knows no keys and no Raft.
 *
 * <p>Start reading at {@link io.balsa.front.FrontServer}, the door.
 */
@NullMarked
package io.balsa.front;

import org.jspecify.annotations.NullMarked;
