package io.balsa.bytes;

/**
 * Marks a failure after which the process must not go on, whoever brought it about: what the
 * server's promises rest on is broken.
 */
public interface Fatal {}
