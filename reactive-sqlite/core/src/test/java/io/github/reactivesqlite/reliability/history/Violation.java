package io.github.reactivesqlite.reliability.history;

/**
 * A rule that was broken.
 *
 * @param rule which
 * @param what where
 */
record Violation(Rule rule, String what) {}
