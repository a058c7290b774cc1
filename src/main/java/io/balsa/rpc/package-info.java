/**
 * What servers, clients and the proxy share about gRPC: channels, a marshaller for raw bytes, the
 * cancellation of calls, the text of failures, and metadata keys.
 *
 * <p>The one idea: both ends of a call agree, because both take these from here. The room uses
 * {@code bytes}, {@code tls} and gRPC.
 *
 * <p>Start reading at {@link io.balsa.rpc.Channels}.
 */
@NullMarked
package io.balsa.rpc;

import org.jspecify.annotations.NullMarked;
