/** Results of the lab as text, CSV and SVG. */
@org.jspecify.annotations.NullMarked
package io.github.reactivesqlite.demo.lab.report;
