#include "interchange/png.hpp"

#include <fmt/format.h>
#include <png.h>

#include <csetjmp>
#include <cstring>

#include "base/diagnostics.hpp"

namespace eyrie {

namespace {

/// libpng leaves its functions with longjmp where something is wrong: what is between a setjmp and that has no
/// destructors, and what it needs is here.
struct Decoder {
  const char* at;
  std::size_t left;
  png_structp png = nullptr;
  png_infop info = nullptr;
  char problem[128] = "";
  png_bytep* rows = nullptr;

  Decoder(const char* bytes, std::size_t size) : at{bytes}, left{size} {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
};

void give(png_structp png, png_bytep out, std::size_t size) {
  auto& d = *static_cast<Decoder*>(png_get_io_ptr(png));
  if (size > d.left) png_error(png, "it is cut off");
  std::memcpy(out, d.at, size);
  d.at += size;
  d.left -= size;
}

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto& d = *static_cast<Decoder*>(png_get_error_ptr(png));
  std::strncpy(d.problem, text, sizeof d.problem - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

bool read_header(Decoder& d) {
  if (setjmp(png_jmpbuf(d.png))) return false;
  png_set_read_fn(d.png, &d, give);
  png_read_info(d.png, d.info);
  return true;
}

/// Bytes of 8 bits, whatever they are packed as.
bool widen(Decoder& d) {
  if (setjmp(png_jmpbuf(d.png))) return false;
  png_set_expand(d.png);
  png_set_interlace_handling(d.png);
  png_read_update_info(d.png, d.info);
  return true;
}

bool read_rows(Decoder& d) {
  if (setjmp(png_jmpbuf(d.png))) return false;
  png_read_image(d.png, d.rows);
  png_read_end(d.png, nullptr);
  return true;
}

[[noreturn]] void refuse(const std::string& name, const std::string& problem, const std::string& remedy) {
  throw InputError({name, 0, 0}, problem, remedy);
}

}  // namespace

Image read_png(std::string_view bytes, const std::string& name, RowsColumns wanted) {
  Decoder d{bytes.data(), bytes.size()};
  d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d, on_error, on_warning);
  d.info = d.png ? png_create_info_struct(d.png) : nullptr;
  if (!d.info) refuse(name, "libpng does not start", "have more memory");
  const auto damaged = [&] {
    refuse(name, fmt::format("this is no whole PNG image ({})", d.problem), "save it again");
  };
  if (!read_header(d)) damaged();
  Image image{.size = {png_get_image_height(d.png, d.info), png_get_image_width(d.png, d.info)}, .pixels = {}};
  check_image_size(image.size, wanted, name);
  if (png_get_bit_depth(d.png, d.info) > 8) refuse(name, "it has 16 bits a channel", "save it with 8");
  if (!widen(d)) damaged();
  image.channels = png_get_channels(d.png, d.info);
  const auto line = static_cast<std::size_t>(image.size.columns * image.channels);
  image.pixels.resize(line * static_cast<std::size_t>(image.size.rows));
  std::vector<png_bytep> rows;
  for (std::int64_t r = 0; r < image.size.rows; ++r) rows.push_back(image.pixels.data() + line * r);
  d.rows = rows.data();
  if (!read_rows(d)) damaged();
  return image;
}

}  // namespace eyrie
