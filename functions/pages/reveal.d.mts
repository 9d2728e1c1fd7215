export declare const reveal: (text: string) => string;
