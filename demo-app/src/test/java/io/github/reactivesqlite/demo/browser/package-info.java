/** The pages in a real browser. */
package io.github.reactivesqlite.demo.browser;
