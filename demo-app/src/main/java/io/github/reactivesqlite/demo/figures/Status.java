package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.demo.figures.Sharing.Other;
import java.util.List;

/**
 * What changes more slowly than samples do.
 *
 * @param thresholds the limits, and which are crossed
 * @param others other processes that have the database open
 * @param viewers pages that listen now
 * @param databaseBytes size of the database file
 */
public record Status(
    List<Threshold> thresholds, List<Other> others, int viewers, long databaseBytes) {}
