/**
 * The etcd v3 protocol as generated code: messages and service bindings, in a package below this
 * one for each of etcd's ({@code mvccpb}, {@code authpb}, {@code etcdserverpb}, {@code v3lockpb},
 * {@code v3electionpb}). The {@code .proto} files' packages, names and numbers are etcd's and never
 * change. Only {@code balsapb} is Balsa's own.
 *
 * <p>The one idea: these are shapes on the wire, not the store's values. {@code api} translates at
 * the door, {@code proxy} and {@code client} pass them on.
 */
@NullMarked
package io.balsa.proto;

import org.jspecify.annotations.NullMarked;
