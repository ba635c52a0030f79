/**
 * Transactions of Spring over the database: their manager, the view that joins them, and the errors
 * in Spring's terms.
 */
@NullMarked
package io.github.reactivesqlite.spring.boot.transaction;

import org.jspecify.annotations.NullMarked;
