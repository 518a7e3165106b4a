#include "probe/wire/http_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plumb::wire {
namespace {

using State = HttpReading::State;
using std::chrono::seconds;

const std::string kToken =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Any:\t spaced \r\n"
    "Content-Length: 6\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nAQAEAL";
const std::string kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n";
const std::string kToTheEnd = "HTTP/1.0 404 Not Found\r\nServer: EC2ws\r\n\r\n<html>gone</html>";

HttpReading read(const std::string& text, bool ended = false) {
  return parse_http_answer(as_bytes(text), ended);
}

TEST(HttpAnswer, ReadsABodyByItsLength) {
  const HttpReading reading = read(kToken + "more that is none of it");
  ASSERT_EQ(reading.state, State::whole);
  EXPECT_EQ(reading.answer.status, 200);
  EXPECT_EQ(reading.answer.body, "AQAEAL");
  EXPECT_EQ(reading.answer.header("content-type"), "text/plain");
  EXPECT_EQ(reading.answer.header("x-any"), "spaced");
  EXPECT_EQ(reading.answer.header("absent"), "");
}

TEST(HttpAnswer, JoinsChunks) {
  const HttpReading reading = read(kChunked);
  ASSERT_EQ(reading.state, State::whole);
  EXPECT_EQ(reading.answer.body, "{\"a\":1}");
}

TEST(HttpAnswer, ABodyWithoutLengthEndsWithTheConnection) {
  EXPECT_EQ(read(kToTheEnd).state, State::incomplete);
  const HttpReading reading = read(kToTheEnd, true);
  ASSERT_EQ(reading.state, State::whole);
  EXPECT_EQ(reading.answer.status, 404);
  EXPECT_EQ(reading.answer.body, "<html>gone</html>");
}

TEST(HttpAnswer, AnAnswerWithoutContentHasNoBody) {
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n").state, State::whole);
  EXPECT_EQ(read("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n").state, State::whole);
}

TEST(HttpAnswer, CutAnywhereItIsIncompleteAndCutForGoodItIsMalformed) {
  for (const std::string& text : {kToken, kChunked.substr(0, kChunked.size() - 4)}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(read(text.substr(0, size)).state, State::incomplete) << size;
      EXPECT_EQ(read(text.substr(0, size), true).state, State::malformed) << size;
    }
    EXPECT_EQ(read(text + "\r\n").state, State::whole);
  }
}

TEST(HttpAnswer, TellsWhatIsNoHttp) {
  for (const char* text :
       {"J\0\0\0\n5.7.44", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"})
    EXPECT_EQ(read(text).state, State::malformed) << text;
}

TEST(HttpAnswer, IsBounded) {
  const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
  EXPECT_EQ(read(head + std::string(kHttpLimit - head.size() - 1, 'x')).state, State::incomplete);
  EXPECT_EQ(read(head + std::string(kHttpLimit - head.size(), 'x')).state, State::malformed);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nX: " + std::string(kHttpLimit, 'x')).state, State::malformed);
  EXPECT_EQ(read(kToken + std::string(kHttpLimit, 'x')).state, State::whole);
}

TEST(HttpDate, ReadsTheFormThatIsSent) {
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), WallTime());
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), WallTime(seconds(784111777)));
  EXPECT_EQ(parse_http_date("Sat, 21 Nov 2026 08:52:31 GMT"), WallTime(seconds(1795251151)));
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"), WallTime(seconds(1483228800)));
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 2262 08:49:37 GMT",
                           "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace plumb::wire
