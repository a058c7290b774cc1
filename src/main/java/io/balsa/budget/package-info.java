/**
 * Bounds for memory that requests and answers hold: what arrives, what is served, what waits to be
 * sent.
 *
 * <p>The one idea: no request may end a server. Every byte that a client can make the server hold
 * is counted here before it is held, and a client that holds most waits or is closed first. Touches
 * {@code bytes}, gRPC and Netty; knows no keys.
 *
 * <p>Start reading at {@code AnswerBudget}.
 */
@NullMarked
package io.balsa.budget;

import org.jspecify.annotations.NullMarked;
