/**
 * What the edge does to a request before anything else, as the body of a CloudFront function (`event.request`, JavaScript runtime 2.0):
 * a call of the API without credentials gets a placeholder for them. API Gateway refuses by itself, and in its own words, what lacks the
 * header that an authorizer's answers are cached by; so every caller is told by a problem document what is missing.
 */
export const edgeRequestSource = `if (event.request.uri.startsWith("/v1/") && !event.request.headers.authorization) event.request.headers.authorization = { value: "none" };`;
