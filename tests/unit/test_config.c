#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/config.h"

static struct config parsed(const char *text)
{
    struct config c;
    struct config_error why = {0};
    enum err e = config_parse(bytes_of(text), &c, &why);
    if (e != OK)
        fail_msg("line %zu: %s", why.line, why.what);
    return c;
}

static void assert_refused(struct bytes text, enum err want, size_t line, const char *what)
{
    struct config c, untouched;
    struct config_error why = {0};
    memset(&c, 0x5a, sizeof(c));
    memset(&untouched, 0x5a, sizeof(untouched));
    assert_int_equal(config_parse(text, &c, &why), want);
    assert_int_equal(why.line, line);
    assert_string_equal(why.what, what);
    assert_memory_equal(&c, &untouched, sizeof(c));
}

static void an_empty_file_is_a_node_that_does_not_listen(void **state)
{
    (void)state;
    struct config want, got = parsed("");
    config_init(&want);
    assert_memory_equal(&got, &want, sizeof(got));
    assert_string_equal(got.listen, "");
    assert_int_equal(got.log_level, LOG_INFO);
}

static void every_setting_is_read(void **state)
{
    (void)state;
    struct config c = parsed("# ours\nlisten = [::]:7117\nadvertise = a.example:1\r\n"
                             "advertise=b.example:65535 ; the other\n"
                             "\nlog_level = warn");
    assert_string_equal(c.listen, "[::]:7117");
    assert_int_equal(c.n_advertise, 2);
    assert_string_equal(c.advertise[0], "a.example:1");
    assert_string_equal(c.advertise[1], "b.example:65535");
    assert_int_equal(c.log_level, LOG_WARN);
}

static void listen_none_and_port_nought_are_taken(void **state)
{
    (void)state;
    assert_string_equal(parsed("listen = none\n").listen, "");
    assert_string_equal(parsed("listen = 127.0.0.1:0\n").listen, "127.0.0.1:0");
}

static void an_unknown_key_is_fatal_and_named_by_its_line(void **state)
{
    (void)state;
    assert_refused(bytes_of("listen = none\n\nlisten_on = none\n"), ERR_FORMAT, 3, "unknown key");
    assert_refused(bytes_of("Listen = none\n"), ERR_FORMAT, 1, "unknown key");
}

static void the_first_of_two_mistakes_is_told(void **state)
{
    (void)state;
    assert_refused(bytes_of("log_level = loud\nnothing = 1\n"), ERR_FORMAT, 1, "log_level is neither info nor warn");
}

static void values_that_are_none_are_fatal(void **state)
{
    (void)state;
    assert_refused(bytes_of("listen = 7117\n"), ERR_FORMAT, 1, "listen is neither HOST:PORT nor none");
    assert_refused(bytes_of("listen = :0\n"), ERR_FORMAT, 1, "listen is neither HOST:PORT nor none");
    assert_refused(bytes_of("listen = a:65536\n"), ERR_FORMAT, 1, "listen is neither HOST:PORT nor none");
    assert_refused(bytes_of("advertise = a:0\n"), ERR_FORMAT, 1, "advertise is not HOST:PORT");
    assert_refused(bytes_of("advertise =\n"), ERR_FORMAT, 1, "advertise is not HOST:PORT");
    assert_refused(bytes_of("listen\n"), ERR_FORMAT, 1, "the line is not key = value");
}

static void a_setting_that_is_one_thing_is_given_once(void **state)
{
    (void)state;
    assert_refused(bytes_of("listen = a:1\nlisten = a:1\n"), ERR_FORMAT, 2, "listen is given twice");
    assert_refused(bytes_of("log_level = info\nlog_level = info\n"), ERR_FORMAT, 2, "log_level is given twice");
    assert_refused(bytes_of("advertise = a:1\nadvertise = b:1\nadvertise = c:1\nadvertise = d:1\nadvertise = e:1\n"),
                   ERR_FORMAT, 5, "there are too many advertise lines");
}

static void what_the_parser_would_misread_is_refused(void **state)
{
    (void)state;
    static const uint8_t nul[] = "listen = none\nlog_level = warn\0\n";
    char line[CONFIG_LINE_MAX + 3];
    assert_refused((struct bytes){nul, sizeof(nul) - 1}, ERR_FORMAT, 2, "a control character");
    assert_refused(bytes_of("[node]\nlisten = none\n"), ERR_FORMAT, 1, "there are no sections here");
    assert_refused(bytes_of("advertise = a:1\n b:2\n"), ERR_FORMAT, 2, "the line begins with white space");
    memset(line, '#', sizeof(line));
    line[CONFIG_LINE_MAX + 1] = '\n';
    line[CONFIG_LINE_MAX + 2] = '\0';
    assert_refused(bytes_of(line), ERR_FORMAT, 1, "the line is too long");
    line[CONFIG_LINE_MAX] = '\n';
    line[CONFIG_LINE_MAX + 1] = '\0';
    (void)parsed(line);
}

static void a_file_too_long_is_refused_as_a_whole(void **state)
{
    (void)state;
    uint8_t *much = malloc(CONFIG_MAX + 1);
    assert_non_null(much);
    memset(much, '\n', CONFIG_MAX + 1);
    assert_refused((struct bytes){much, CONFIG_MAX + 1}, ERR_LIMIT, 0, "the file is too long");
    struct config c;
    struct config_error why;
    assert_int_equal(config_parse((struct bytes){much, CONFIG_MAX}, &c, &why), OK);
    free(much);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct config c = parsed("listen = h:0\nadvertise = [2001:db8::1]:7\nlog_level = warn\n");
    struct buf text = buf_on(CONFIG_MAX);
    config_write(&c, &text);
    struct config again = parsed(buf_str(&text));
    assert_memory_equal(&again, &c, sizeof(c));
    buf_release(&text);
}

static void an_address_is_taken_apart(void **state)
{
    (void)state;
    struct address a;
    assert_int_equal(address_split(bytes_of("[::1]:80"), &a), OK);
    assert_string_equal(a.host, "::1");
    assert_string_equal(a.port, "80");
    assert_int_equal(address_split(bytes_of("node.example:65535"), &a), OK);
    assert_string_equal(a.host, "node.example");
    assert_string_equal(a.port, "65535");
    assert_int_equal(address_split(bytes_of("node.example:0"), &a), ERR_FORMAT);
    assert_int_equal(address_split_listen(bytes_of("[::1]:0"), &a), OK);
    assert_string_equal(a.port, "0");
    assert_int_equal(address_split_listen(bytes_of("[::1:0"), &a), ERR_FORMAT);
    assert_int_equal(address_split_listen(bytes_of(":0"), &a), ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_a_node_that_does_not_listen),
        cmocka_unit_test(every_setting_is_read),
        cmocka_unit_test(listen_none_and_port_nought_are_taken),
        cmocka_unit_test(an_unknown_key_is_fatal_and_named_by_its_line),
        cmocka_unit_test(the_first_of_two_mistakes_is_told),
        cmocka_unit_test(values_that_are_none_are_fatal),
        cmocka_unit_test(a_setting_that_is_one_thing_is_given_once),
        cmocka_unit_test(what_the_parser_would_misread_is_refused),
        cmocka_unit_test(a_file_too_long_is_refused_as_a_whole),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(an_address_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
