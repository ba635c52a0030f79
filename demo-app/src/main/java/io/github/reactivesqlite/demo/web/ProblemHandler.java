package io.github.reactivesqlite.demo.web;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Answers every error with {@link Problem} details. Before Spring Boot's own handler, at -1. */
@Component
@Order(-2)
class ProblemHandler implements WebExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final JsonMapper mapper;

  ProblemHandler(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      // Too late for words: the connection is cut, so that the client does not take it for the end.
      return Mono.error(error);
    }
    Problem problem = Problem.of(error);
    log(exchange, problem, error);
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    HttpHeaders headers = response.getHeaders();
    if (error instanceof ErrorResponse known) {
      // Such as Allow.
      headers.putAll(known.getHeaders());
    }
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    if (problem.retryable()) {
      headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    DataBuffer body = response.bufferFactory().wrap(mapper.writeValueAsBytes(problem));
    return response.writeWith(Mono.just(body));
  }

  private static void log(ServerWebExchange exchange, Problem problem, Throwable error) {
    if (problem.status() == 500) {
      LOG.error("{} failed", exchange.getRequest().getMethod(), error);
    } else if (problem.retryable()) {
      LOG.warn("Answered {}: {}", problem.status(), error.toString());
    } else {
      LOG.debug("Answered {}", problem.status(), error);
    }
  }
}
