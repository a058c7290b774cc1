/**
 * etcd's errors: their codes and their exact texts.
 *
 * <p>The one idea: a client compares the text letter by letter, so there is one list of them. The
 * room translates refusals of the store and failures of a node into them.
 *
 * <p>Start reading at {@link io.balsa.errors.EtcdError}.
 */
@NullMarked
package io.balsa.errors;

import org.jspecify.annotations.NullMarked;
