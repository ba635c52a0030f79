package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.LibraryProperties;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Refuses what no page of ours sends, and tells browsers how to treat the answers.
 *
 * <p>A page of another site can make a browser send a request here, but no JSON without asking
 * first, and it may not ask (there is no CORS). And a name that it makes lead to this machine is
 * not among the allowed hosts.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestGuard implements WebFilter {

  private static final long LARGEST_BODY = 32 * 1024;
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final List<String> allowedHosts;

  RequestGuard(LibraryProperties properties) {
    this.allowedHosts = properties.allowedHosts();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    addHeaders(exchange.getResponse().getHeaders(), request.getPath().value());
    HttpStatus refusal = refusal(request);
    // Reactor Netty up to 1.3.7 stops reading from a kept-alive connection when it has put a
    // request
    // aside and that one is then answered on the spot, so nothing is (reactor-netty issue 4361).
    return Mono.defer(
            () ->
                refusal == null
                    ? chain.filter(exchange)
                    : Mono.error(new ResponseStatusException(refusal)))
        .subscribeOn(Schedulers.parallel());
  }

  private @Nullable HttpStatus refusal(ServerHttpRequest request) {
    HttpHeaders headers = request.getHeaders();
    if (!hostIsAllowed(headers.getFirst(HttpHeaders.HOST))) {
      return HttpStatus.MISDIRECTED_REQUEST;
    }
    if (READING.contains(request.getMethod())) {
      return null;
    }
    if (!isJson(headers)) {
      return HttpStatus.UNSUPPORTED_MEDIA_TYPE;
    }
    return headers.getContentLength() > LARGEST_BODY ? HttpStatus.CONTENT_TOO_LARGE : null;
  }

  private boolean hostIsAllowed(@Nullable String host) {
    if (allowedHosts.contains("*")) {
      return true;
    }
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    return allowedHosts.contains(name);
  }

  private static boolean isJson(HttpHeaders headers) {
    try {
      MediaType type = headers.getContentType();
      return type != null && type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON);
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static boolean isData(String path) {
    return path.startsWith("/api/") || path.startsWith("/actuator");
  }

  private static void addHeaders(HttpHeaders headers, String path) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " object-src 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.setCacheControl(isData(path) ? "no-store" : "no-cache");
  }
}
