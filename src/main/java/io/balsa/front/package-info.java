/**
 * One port for gRPC and HTTP/1.1: what both server and proxy stand behind.
 *
 * <p>The one idea: the first bytes of a connection say what it is. gRPC goes to grpc-netty
 * untouched; HTTP/1.1 goes to {@link io.balsa.front.HttpRoutes}, among them {@link
 * io.balsa.front.JsonGateway}, which turns {@code POST /v3/…} into a call of the very gRPC services
 * that the port serves. Touches Netty, gRPC, metrics and generated protobuf; knows no keys and no
 * Raft.
 *
 * <p>Start reading at {@link io.balsa.front.FrontServer}, the door.
 */
@NullMarked
package io.balsa.front;

import org.jspecify.annotations.NullMarked;
