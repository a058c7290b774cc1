/**
 * Limits the memory of requests and answers: requests that arrive or are served, and answers that
 * wait to be sent.
 *
 * <p>The one idea: no request may end a server. Every byte that a client can make the server hold
 * is counted here before it is held. A client that holds most waits, or its connection is closed
 * first. Touches {@code bytes}, gRPC, metrics and Netty; knows no keys.
 *
 * <p>Start reading at {@code AnswerBudget}.
 */
@NullMarked
package io.balsa.budget;

import org.jspecify.annotations.NullMarked;
