package io.balsa.bytes;

/**
 * Marks a failure after which the process must end, also when a client's request caused it: the
 * server can no longer keep its promises.
 */
public interface Fatal {}
