#include <catch2/catch.hpp>

#include "base/diagnostics.hpp"
#include "interchange/image.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

constexpr RowsColumns kSize{2, 3};
using Pixels8 = std::vector<std::uint8_t>;
const Pixels8 kGrey{0, 1, 2, 127, 128, 255};
const Pixels8 kColours{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 255};

/// An image of tests/data/images: 2 rows, 3 columns.
Image shipped(const std::string& name, RowsColumns wanted = kSize) {
  return read_image(test::source("tests/data/images/" + name + ".png"), wanted);
}

template <class Act>
std::string wrong(Act act) {
  const auto text = test::errors_of(act);
  return text.empty() ? text : text.substr(text.find(": error: ") + 9);
}

}  // namespace

TEST_CASE("pixels of a PNG are the numbers that it holds, whatever its gamma", "[unit][interchange]") {
  CHECK(shipped("grey") == Image{kSize, 1, kGrey});
  CHECK(shipped("rgb") == Image{kSize, 3, kColours});
  CHECK(shipped("grey1") == Image{kSize, 1, {255, 0, 255, 0, 255, 0}});
  CHECK(shipped("palette") == Image{kSize, 3, {1, 2, 3, 9, 9, 9, 200, 100, 50, 200, 100, 50, 9, 9, 9, 1, 2, 3}});
  CHECK(shipped("rgba_clear").channels == 4);
  CHECK(shipped("rgba_clear").pixels[7] == 254);
}

TEST_CASE("images get the channels that a network reads where that loses nothing", "[unit][interchange]") {
  CHECK(with_channels(shipped("grey"), 1, "a") == Image{kSize, 1, kGrey});
  CHECK(with_channels(shipped("grey_opaque"), 1, "a") == Image{kSize, 1, kGrey});
  CHECK(with_channels(shipped("rgb_grey"), 1, "a") == Image{kSize, 1, kGrey});
  CHECK(with_channels(shipped("grey"), 3, "a") == shipped("rgb_grey"));
  CHECK(with_channels(shipped("rgba_opaque"), 3, "a") == Image{kSize, 3, kColours});
  CHECK(with_channels(shipped("rgba_clear"), 4, "a") == shipped("rgba_clear"));
  CHECK(wrong([] { with_channels(shipped("rgb"), 1, "a"); }) ==
        "the image has colours, and the network reads one channel; make it grey as the network was trained");
  CHECK(wrong([] { with_channels(shipped("rgba_clear"), 3, "a"); }) ==
        "some of its pixels are transparent; lay it on a background");
  CHECK(wrong([] { with_channels(shipped("rgb"), 5, "a"); }) ==
        "the image has 3 channels, and the network reads 5; give an .npy file");
}

TEST_CASE("an image of another size is refused, both sizes said", "[unit][interchange]") {
  CHECK(
      wrong([] {
        shipped("grey", {3, 2});
      }) ==
      "the image has 2 x 3 pixels (rows x columns), and the network reads 3 x 2; images are not resized; crop, pad or "
      "scale it as the network was trained");
  CHECK(wrong([] { shipped("grey16"); }) == "it has 16 bits a channel; save it with 8");
}

TEST_CASE("a PNG that is cut off or changed is an error and does no harm", "[unit][interchange]") {
  const test::Folder folder;
  const auto whole = test::read_file(test::source("tests/data/images/rgb.png"));
  for (std::size_t size = 0; size < whole.size() - 12; ++size) {  // IEND holds nothing
    CAPTURE(size);
    const auto path = folder.write("cut.png", whole.substr(0, size));
    CHECK_THAT(wrong([&] { read_image(path, kSize); }), Catch::StartsWith("this is no whole PNG image ("));
  }
  for (std::size_t at = 8; at < whole.size() - 12; ++at) {
    CAPTURE(at);
    auto changed = whole;
    changed[at] ^= 0x10;
    const auto path = folder.write("changed.png", changed);
    CHECK_FALSE(wrong([&] { read_image(path, kSize); }).empty());
  }
}

TEST_CASE("PGM and PPM images are read", "[unit][interchange]") {
  const test::Folder folder;
  const auto grey = folder.write("a.pgm", "P5\n# a comment 9 9\n3 2\n255\nabcdef");
  CHECK(read_image(grey, kSize) == Image{kSize, 1, {'a', 'b', 'c', 'd', 'e', 'f'}});
  const auto colours = folder.write("a.ppm", "P6 1 2 255\nabcdef");
  CHECK(read_image(colours, {2, 1}) == Image{{2, 1}, 3, {'a', 'b', 'c', 'd', 'e', 'f'}});
  const auto refused = [&](const std::string& text) {
    const auto path = folder.write("b.pgm", text);
    return wrong([&] { read_image(path, kSize); });
  };
  CHECK(refused("P2\n3 2\n255\n1 2 3 4 5 6") == "this is no PGM or PPM image of bytes; begin it with P5 or P6");
  CHECK(refused("P5\n3 2\n65535\nabcdefabcdef") == "its whitest pixel is 65535; save it with 255");
  CHECK(refused("P5\n3 2\n255\nabcde") == "5 bytes follow its header, and it has 6 pixel numbers; it may be cut off");
  CHECK(refused("P5\n3 2") == "its header has no rows, columns and whitest pixel; write it again");
  CHECK(refused("P5\n99999999999 2 255\n") == "its header has no rows, columns and whitest pixel; write it again");
}
