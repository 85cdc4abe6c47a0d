#include "base/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "base/ensure.hpp"

namespace eyrie {

namespace {

constexpr int kGzip = 16, kWindow = 15, kMemory = 8, kUnknownSystem = 255;

/// Input is handed on in pieces that zlib can count.
void feed(z_stream& stream, std::string_view& rest) {
  const auto piece = std::min<std::size_t>(rest.size(), std::numeric_limits<uInt>::max());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(piece);
  rest.remove_prefix(piece);
}

}  // namespace

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  gz_header header{};
  header.os = kUnknownSystem;
  ensure(
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindow + kGzip, kMemory, Z_DEFAULT_STRATEGY) == Z_OK &&
          deflateSetHeader(&stream, &header) == Z_OK,
      "zlib compresses");
  std::string all, piece(1 << 16, '\0');
  for (int state = Z_OK; state != Z_STREAM_END;) {
    if (stream.avail_in == 0 && !bytes.empty()) feed(stream, bytes);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    ensure(state == Z_OK || state == Z_STREAM_END, "zlib goes on to its end");
    all.append(piece, 0, piece.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return all;
}

std::string gunzipped(std::string_view file) {
  z_stream stream{};
  ensure(inflateInit2(&stream, kWindow + kGzip) == Z_OK, "zlib decompresses");
  std::string all, piece(1 << 16, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    if (stream.avail_in == 0 && !file.empty()) feed(stream, file);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    all.append(piece, 0, piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) throw std::runtime_error("what is stored is no gzip file");
  return all;
}

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string all;
  all.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto piece = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < piece.size() ? static_cast<unsigned char>(piece[k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) all += k <= piece.size() ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return all;
}

}  // namespace eyrie
