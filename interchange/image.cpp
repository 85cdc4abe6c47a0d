#include "interchange/image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostics.hpp"
#include "base/quantities.hpp"
#include "base/text_file.hpp"
#include "interchange/png.hpp"

namespace eyrie {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& problem, const std::string& remedy) {
  throw InputError({name, 0, 0}, problem, remedy);
}

/// PGM (P5) and PPM (P6): numbers as text, one blank, the pixels.
class PnmReader {
 public:
  PnmReader(std::string_view bytes, const std::string& name, RowsColumns wanted)
      : bytes_{bytes}, name_{name}, wanted_{wanted} {}

  Image read() {
    const auto kind = bytes_.substr(0, 2);
    if (kind != "P5" && kind != "P6") refuse(name_, "this is no PGM or PPM image of bytes", "begin it with P5 or P6");
    Image image{.channels = kind == "P5" ? 1 : 3, .pixels = {}};
    at_ = 2;
    image.size.columns = number();
    image.size.rows = number();
    const auto most = number();
    check_image_size(image.size, wanted_, name_);
    if (most != 255) refuse(name_, fmt::format("its whitest pixel is {}", most), "save it with 255");
    const auto pixels = bytes_.substr(std::min(at_ + 1, bytes_.size()));
    const auto count = static_cast<std::size_t>(image.size.rows * image.size.columns * image.channels);
    if (pixels.size() != count)
      refuse(name_, fmt::format("{} bytes follow its header, and it has {} pixel numbers", pixels.size(), count),
             "it may be cut off");
    image.pixels.assign(pixels.begin(), pixels.end());
    return image;
  }

 private:
  /// Blanks and comments, then a number of at most nine digits.
  std::int64_t number() {
    while (at_ < bytes_.size() && (is_blank(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') at_ = std::min(bytes_.find('\n', at_), bytes_.size());
      if (at_ < bytes_.size()) ++at_;
    }
    const auto first = at_;
    while (at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9') ++at_;
    const auto n = at_ - first > 9 ? std::nullopt : parse_integer(bytes_.substr(first, at_ - first));
    if (!n || *n < 1) refuse(name_, "its header has no rows, columns and whitest pixel", "write it again");
    return *n;
  }
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view bytes_;
  const std::string& name_;
  RowsColumns wanted_;
  std::size_t at_ = 0;
};

bool opaque(const Image& i) {
  for (auto at = static_cast<std::size_t>(i.channels) - 1; at < i.pixels.size(); at += i.channels)
    if (i.pixels[at] != 255) return false;
  return true;
}

bool grey(const Image& i) {
  for (std::size_t at = 0; at < i.pixels.size(); at += 3)
    if (i.pixels[at] != i.pixels[at + 1] || i.pixels[at] != i.pixels[at + 2]) return false;
  return true;
}

/// The first of every `from` channels, `to` times.
std::vector<std::uint8_t> repeated(const Image& i, std::int64_t to) {
  std::vector<std::uint8_t> all;
  for (std::size_t at = 0; at < i.pixels.size(); at += i.channels)
    all.insert(all.end(), static_cast<std::size_t>(to), i.pixels[at]);
  return all;
}

void drop_opacity(Image& i) {
  std::vector<std::uint8_t> all;
  for (std::size_t at = 0; at < i.pixels.size(); ++at)
    if (at % i.channels != static_cast<std::size_t>(i.channels) - 1) all.push_back(i.pixels[at]);
  i.pixels = std::move(all);
  --i.channels;
}

}  // namespace

void check_image_size(RowsColumns size, RowsColumns wanted, const std::string& name) {
  if (size != wanted)
    refuse(name,
           fmt::format("the image has {} x {} pixels (rows x columns), and the network reads {} x {}", size.rows,
                       size.columns, wanted.rows, wanted.columns),
           "images are not resized; crop, pad or scale it as the network was trained");
}

bool is_image(const std::string& path) {
  return path.ends_with(".png") || path.ends_with(".pgm") || path.ends_with(".ppm");
}

Image read_image(const std::string& path, RowsColumns wanted) {
  const auto bytes = read_binary_file(path, "an image (.png, .pgm, .ppm)");
  return path.ends_with(".png") ? read_png(bytes, path, wanted) : PnmReader{bytes, path, wanted}.read();
}

Image with_channels(Image image, std::int64_t channels, const std::string& name) {
  if (image.channels == channels) return image;
  if (image.channels % 2 == 0) {
    if (!opaque(image)) refuse(name, "some of its pixels are transparent", "lay it on a background");
    drop_opacity(image);
  }
  if (image.channels == channels) return image;
  const bool colours = image.channels == 3;
  if (colours && channels == 1 && !grey(image))
    refuse(name, "the image has colours, and the network reads one channel", "make it grey as the network was trained");
  if ((!colours && channels == 3) || (colours && channels == 1)) {
    image.pixels = repeated(image, channels);
    image.channels = channels;
    return image;
  }
  refuse(name, fmt::format("the image has {} channels, and the network reads {}", image.channels, channels),
         "give an .npy file");
}

}  // namespace eyrie
